"""Several departments on one complaint (会办): tasks that are asked, answered and withdrawn, and the special team."""

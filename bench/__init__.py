"""How fast Redress is, beside the plain program that anybody would write first: `make bench`."""

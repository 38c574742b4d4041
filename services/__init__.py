"""The five services: intake, routing, sla, feedback, archive. None imports another."""

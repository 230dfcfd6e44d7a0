"""What pages show, arranged for the templates."""

"""What training and posts decide: pure, no database, clock or chance."""

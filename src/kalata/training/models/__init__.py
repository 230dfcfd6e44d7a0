"""What is kept of training and of posts, and what the database refuses. One module a vertical."""

"""PDF documents become outlines: opened in a child process with little memory, little time, and no way out."""

"""What machines and other sites read: descriptions of the data, a calendar, Markdown copies of the pages."""

"""Who is owed what, who stands behind it, and who misses what when OpenAI pays less."""

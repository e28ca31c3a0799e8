"""The tables that figures draw, one module a chapter; the results that prose tells are one room up."""

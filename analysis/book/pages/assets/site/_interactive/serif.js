// The serif stands inside a style sheet. It is read before the first lines are set in it, so that none moves.
if (document.fonts) for (const weight of [400, 700]) document.fonts.load(weight + " 1em 'Round Trip Serif'").catch(() => {});

'use strict';

/**
 * JSON whose objects name each key once. JSON.parse takes the last of two equal keys, other parsers the first: a
 * token that two services read differently is not to be trusted.
 */

// Strings and punctuation; what lies between (numbers, literals, blanks) doesn't matter here.
const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

/** The value; throws a SyntaxError for text that isn't JSON or has a key twice in one object. */
function parseStrictJson(text) {
  const value = JSON.parse(text);
  // The text is JSON, so these few rules suffice to tell the keys: a string right before a colon.
  const open = [];
  let lastString;
  for (const [token] of text.matchAll(TOKENS)) {
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(null);
    else if (token === '}' || token === ']') open.pop();
    else if (token === ':') {
      const key = JSON.parse(lastString);
      const keys = open.at(-1);
      if (keys.has(key)) throw new SyntaxError('a key occurs twice');
      keys.add(key);
    } else if (token !== ',') lastString = token;
  }
  return value;
}

module.exports = { parseStrictJson };

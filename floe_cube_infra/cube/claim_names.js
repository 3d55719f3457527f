'use strict';

/**
 * Identity providers have their own names for what is `u` and `u.roles` here; many allow only names that are addresses.
 * All that comes after the verifier knows claims by the names of this project.
 */

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Verified claims, with the stack's names replaced by `u` and `u.roles`.
 *
 * @param {object} claims as the token has them
 * @param {{claimsKey: string, rolesKey: string}} jwt of the stack's settings
 */
function namedAsHere(claims, { claimsKey, rolesKey }) {
  if (claimsKey === 'u' && rolesKey === 'roles') return claims;
  const own = (object, key) => (Object.hasOwn(object, key) ? object[key] : undefined);
  const { u: _, ...others } = claims;
  const given = own(claims, claimsKey);
  if (given === undefined) return others;
  if (!isObject(given) || rolesKey === 'roles') return { ...others, u: given };
  const { roles: __, ...rest } = given;
  const roles = own(given, rolesKey);
  return { ...others, u: roles === undefined ? rest : { ...rest, roles } };
}

module.exports = { namedAsHere };

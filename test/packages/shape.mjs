/** What a package exports, in a form that can be compared: the kind of each export, and of each property of the default export. */
export function shapeOf(loaded) {
  const shape = {};
  for (const name of namesOf(loaded)) {
    shape[name] = kindOf(loaded, name);
  }
  const { default: main } = loaded;
  if ((typeof main === 'object' && main !== null) || typeof main === 'function') {
    for (const name of namesOf(main)) {
      shape[`default.${name}`] = kindOf(main, name);
    }
  }
  return shape;
}

/** The names that every function has tell nothing, nor those that are undefined. `module.exports` is an export of CommonJS modules since Node 23. */
function namesOf(value) {
  return Object.getOwnPropertyNames(value).filter((name) => !UNTOLD.includes(name) && kindOf(value, name) !== 'undefined').sort();
}

const UNTOLD = ['module.exports', '__esModule', 'length', 'name', 'prototype', 'arguments', 'caller'];

function kindOf(value, name) {
  try {
    return value[name] === null ? 'null' : typeof value[name];
  } catch (error) {
    return `throws ${error.name}`;
  }
}

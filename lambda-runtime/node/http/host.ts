/** A host name or address, with or without a port. Nothing in it can change the meaning of a URL around it. */
export const HOST = /^(?:[\w.~%!$&'()*+,;=-]+|\[[\da-fA-F:.]+\])(?::\d*)?$/;

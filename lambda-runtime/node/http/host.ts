/** A host name or address, with or without a port. It cannot change the meaning of a URL that contains it. */
export const HOST = /^(?:[\w.~%!$&'()*+,;=-]+|\[[\da-fA-F:.]+\])(?::\d*)?$/;

export interface Product {
  readonly id: string;
  readonly name: string;
  readonly cents: number;
  /** The path of its image in the shop. */
  readonly image: string;
}

export const products: Product[] = [
  { id: 'pen', name: 'A pen', cents: 250, image: 'images/pen.svg' },
  { id: 'ink', name: 'A bottle of ink', cents: 800, image: 'images/ink.svg' },
];

export function findProduct(id: string): Product | undefined {
  return products.find((product) => product.id === id);
}

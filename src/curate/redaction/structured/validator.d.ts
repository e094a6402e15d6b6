declare module 'validator/lib/isTaxID.js' {
  export default function isTaxID(text: string, locale: string): boolean
}
declare module 'validator/lib/isIdentityCard.js' {
  export default function isIdentityCard(text: string, locale: string): boolean
}

// The little of the platform that crypto/, codec/ and protocol/ may use: what Node and browsers share. They are checked
// against this instead of the "dom" library, so that a `document` or a `fetch` in them does not compile.

interface CryptoKey {
  readonly algorithm: { readonly name: string };
  readonly extractable: boolean;
  readonly type: "public" | "private" | "secret";
  readonly usages: readonly string[];
}

interface CryptoKeyPair {
  readonly publicKey: CryptoKey;
  readonly privateKey: CryptoKey;
}

interface JsonWebKey {
  readonly d?: string;
  readonly x?: string;
}

type BufferSource = ArrayBuffer | ArrayBufferView<ArrayBuffer>;
type AlgorithmIdentifier = string | { readonly name: string; readonly [parameter: string]: unknown };

interface SubtleCrypto {
  decrypt(algorithm: AlgorithmIdentifier, key: CryptoKey, data: BufferSource): Promise<ArrayBuffer>;
  deriveBits(algorithm: AlgorithmIdentifier, key: CryptoKey, length: number): Promise<ArrayBuffer>;
  digest(algorithm: AlgorithmIdentifier, data: BufferSource): Promise<ArrayBuffer>;
  encrypt(algorithm: AlgorithmIdentifier, key: CryptoKey, data: BufferSource): Promise<ArrayBuffer>;
  exportKey(format: "jwk", key: CryptoKey): Promise<JsonWebKey>;
  exportKey(format: "raw" | "pkcs8" | "spki", key: CryptoKey): Promise<ArrayBuffer>;
  generateKey(
    algorithm: { readonly name: "AES-GCM"; readonly length: number },
    extractable: boolean,
    usages: readonly string[],
  ): Promise<CryptoKey>;
  generateKey(algorithm: { readonly name: "Ed25519" }, extractable: boolean, usages: readonly string[]): Promise<CryptoKeyPair>;
  importKey(
    format: "raw" | "pkcs8" | "spki",
    data: BufferSource,
    algorithm: AlgorithmIdentifier,
    extractable: boolean,
    usages: readonly string[],
  ): Promise<CryptoKey>;
  sign(algorithm: AlgorithmIdentifier, key: CryptoKey, data: BufferSource): Promise<ArrayBuffer>;
  verify(algorithm: AlgorithmIdentifier, key: CryptoKey, signature: BufferSource, data: BufferSource): Promise<boolean>;
}

declare const crypto: {
  readonly subtle: SubtleCrypto;
  getRandomValues<T extends ArrayBufferView>(array: T): T;
};

declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>;
}

declare class TextDecoder {
  constructor(label: "utf-8", options: { fatal: boolean; ignoreBOM: boolean });
  decode(bytes: Uint8Array): string;
}

declare class Blob {
  constructor(parts: readonly (Blob | Uint8Array<ArrayBuffer>)[]);
  readonly size: number;
  slice(start: number, end: number): Blob;
  arrayBuffer(): Promise<ArrayBuffer>;
}

declare function atob(text: string): string;
declare function btoa(binary: string): string;
declare function setTimeout(callback: () => void, milliseconds: number): unknown;

interface MessagePort {
  onmessage: (() => void) | null;
  postMessage(message: unknown): void;
  close(): void;
}

declare class MessageChannel {
  port1: MessagePort;
  port2: MessagePort;
}

/** Node alone has it. */
declare function setImmediate(then: () => void): void;

import type { Schemas } from '~/shared/api/client';

/** The colour of our own mails. */
export const ourColour = '#1f4fd8';

const mostLogoBytes = 128 * 1024;

export interface BrandForm {
  name: string;
  colour: string;
  replyTo: string;
  /** A chosen logo, as a `data:` address; empty for none. */
  logo: string;
}

/** The service has the last word about its pixels. */
export function isLogo(file: { type: string; size: number }): boolean {
  return file.type === 'image/png' && file.size <= mostLogoBytes;
}

export function brandWishOf(form: BrandForm): Schemas['BrandWish'] {
  return {
    name: form.name.trim(),
    colour: form.colour,
    replyTo: form.replyTo.trim() || undefined,
    logoPng: form.logo.slice(form.logo.indexOf(',') + 1) || undefined,
  };
}

/** A file as a `data:` address, which a picture shows and a request carries. */
export function dataUrlOf(file: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error as DOMException);
    reader.readAsDataURL(file);
  });
}

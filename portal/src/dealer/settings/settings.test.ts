import { describe, expect, it } from 'vitest';
import { brandWishOf, isLogo } from './brand';

describe('a brand', () => {
  const form = { name: ' Globe SIM ', colour: '#0a7d5a', replyTo: '', logo: '' };

  it('has no more than its name and colour unless more is meant', () => {
    expect(brandWishOf(form)).toEqual({ name: 'Globe SIM', colour: '#0a7d5a' });
  });

  it('sends the logo as the bytes alone', () => {
    expect(brandWishOf({ ...form, logo: 'data:image/png;base64,iVBORw0=' }).logoPng).toBe('iVBORw0=');
  });

  it('has a PNG of at most 128 KB as its logo', () => {
    expect(isLogo({ type: 'image/png', size: 131_072 })).toBe(true);
    expect(isLogo({ type: 'image/png', size: 131_073 })).toBe(false);
    expect(isLogo({ type: 'image/svg+xml', size: 100 })).toBe(false);
  });
});

import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

const ink: MantineColorsTuple = [
  '#eef2ff',
  '#dbe4ff',
  '#bac8ff',
  '#91a7ff',
  '#748ffc',
  '#5c7cfa',
  '#4c6ef5',
  '#3b5bdb',
  '#364fc7',
  '#2b3f9e',
];

/** A calm look: one colour for what can be done, greys for the rest, and red, amber and green only for states. */
export const theme = createTheme({
  primaryColor: 'ink',
  primaryShade: 7,
  colors: { ink },
  autoContrast: true,
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', Menlo, 'DejaVu Sans Mono', monospace",
  headings: {
    fontWeight: '620',
    sizes: { h1: { fontSize: '1.5rem', lineHeight: '1.3' }, h2: { fontSize: '1rem', lineHeight: '1.4' } },
  },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Drawer: { styles: { title: { fontWeight: 620 } } },
    Modal: { styles: { title: { fontWeight: 620 } } },
  },
});

/** Text on the pale ground of its own colour, as badges have it. */
const darkerTones = Object.fromEntries(
  Object.entries({
    blue: '#174a9c',
    gray: '#444b55',
    green: '#1d6a33',
    orange: '#8a3b00',
    red: '#a31d1d',
    yellow: '#6f4b00',
  }).map(([name, colour]) => [`--mantine-color-${name}-light-color`, colour]),
);

/** The library's own colours give way to ours (ui/base.css), which have enough contrast on our grounds. */
export const colours: CSSVariablesResolver = () => {
  const ours = {
    '--mantine-color-body': 'var(--card)',
    '--mantine-color-text': 'var(--text)',
    '--mantine-color-dimmed': 'var(--quiet)',
    '--mantine-color-placeholder': 'var(--quiet)',
    '--mantine-color-error': 'var(--bad)',
    '--mantine-color-default-border': 'var(--line)',
    '--mantine-color-disabled-color': 'var(--quiet)',
    // White words have to be read on it.
    '--mantine-color-red-filled': '#c92a2a',
    '--mantine-color-red-filled-hover': '#b02525',
  };
  return { variables: {}, light: { ...ours, ...darkerTones }, dark: ours };
};

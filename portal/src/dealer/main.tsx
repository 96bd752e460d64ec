import '@fontsource-variable/inter/wght.css';
import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import '~/shared/ui/base.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { styleNonce } from '~/shared/nonce';
import { colours, theme } from '~/shared/theme';
import { makeQueries } from './queries';
import { makeRouter } from './router';
import { beginToSpeak, language } from './words';

const queries = makeQueries(() => void router.invalidate());
const router = makeRouter(queries);

const root = createRoot(document.getElementById('root')!);
// At once, so that whoever chooses a language finds the new page at the next line.
const draw = () =>
  flushSync(() =>
    root.render(
      // What has been said in one language is not kept in another.
      <StrictMode key={language}>
        <MantineProvider
          theme={theme}
          cssVariablesResolver={colours}
          defaultColorScheme="auto"
          getStyleNonce={() => styleNonce}
        >
          <Notifications position="bottom-center" />
          <QueryClientProvider client={queries}>
            <RouterProvider router={router} />
          </QueryClientProvider>
        </MantineProvider>
      </StrictMode>,
    ),
  );

void beginToSpeak(draw);

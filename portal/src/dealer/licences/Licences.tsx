import { Anchor, Code } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import packages from '~/shared/licences.json';
import { Card } from '~/shared/ui/Card';
import { Page } from '~/shared/ui/Page';

/** Whose work is compiled into these pages. */
export function Licences() {
  return (
    <main style={{ maxWidth: '56rem', margin: '2rem auto', padding: '0 1rem' }}>
      <Page
        name="Licences"
        lead="These pages are made with the work of others. Thank you."
        actions={
          <Anchor component={Link} to="/">
            Back to the portal
          </Anchor>
        }
      >
        <Card>
          {packages.map((one) => (
            <details key={`${one.name} ${one.version}`}>
              <summary>
                {one.name} {one.version} · {one.licence}
              </summary>
              {one.text && <Code block>{one.text}</Code>}
            </details>
          ))}
        </Card>
      </Page>
    </main>
  );
}

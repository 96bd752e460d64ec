import { Anchor, Code } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import packages from '~/shared/licences.json';
import { Card } from '~/shared/ui/Card';
import { Page } from '~/shared/ui/Page';
import { t } from '../words';

/** Whose work is compiled into these pages. */
export function Licences() {
  return (
    <main style={{ maxWidth: '56rem', margin: '2rem auto', padding: '0 1rem' }}>
      <Page
        name={t.signIn.licences}
        lead={t.signIn.licencesLead}
        actions={
          <Anchor component={Link} to="/">
            {t.signIn.toPortal}
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

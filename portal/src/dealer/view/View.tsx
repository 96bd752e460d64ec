import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { Mark } from '~/shared/ui/Mark';
import { Page } from '~/shared/ui/Page';
import { Empty, Loading } from '~/shared/ui/states';
import css from '../sign-in/sign-in.module.css';
import { beginView } from '../session';
import { t } from '../words';

/** Where the console sends an operator who wants to see what a dealer sees: the pass is behind the `#`. */
export function View() {
  const [pass] = useState(() => window.location.hash.slice(1));
  const [hasFailed, setFailed] = useState(pass === '');
  const queries = useQueryClient();
  const router = useRouter();
  useEffect(() => {
    if (pass === '') return;
    // Nobody is to find it in the history.
    window.history.replaceState(window.history.state, '', window.location.pathname);
    beginView(queries, pass).then(
      () => void router.navigate({ to: '/', replace: true }),
      () => setFailed(true),
    );
  }, [pass, queries, router]);
  return (
    <div className={css.page}>
      <main className={css.box}>
        <Mark />
        {hasFailed ? (
          <Page name={t.shell.viewFailed}>
            <Empty title={t.shell.viewFailed}>{t.shell.viewFailedText}</Empty>
          </Page>
        ) : (
          <Loading />
        )}
      </main>
    </div>
  );
}

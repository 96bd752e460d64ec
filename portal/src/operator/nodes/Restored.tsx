import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { count } from '~/shared/text/format';
import { Card } from '~/shared/ui/Card';
import { Facts } from '~/shared/ui/Facts';
import { Shown } from '~/shared/ui/states';
import { Tag } from '~/shared/ui/Tag';
import { Action } from '../act/Action';
import { kindName } from '../jobs/words';
import { when } from '../when';
import { releaseAll, restoredQuery, type Restored as State } from './data';

/** How far the database is, which matters behind a restore. */
export function Restored() {
  const restored = useQuery(restoredQuery);
  return (
    <Card
      title="How far the database is"
      actions={
        restored.data && (
          <Tag color={restored.data.held ? 'orange' : 'green'}>
            {restored.data.held ? 'All work is held' : 'Works'}
          </Tag>
        )
      }
    >
      <Shown of={restored} lines={7}>
        {(state) => (
          <Stack>
            <Facts of={factsOf(state)} />
            {state.held && <ReleaseAction />}
          </Stack>
        )}
      </Shown>
    </Card>
  );
}

const lastly = (time: string | null) => (time ? when(time) : 'none');

function factsOf(state: State): [string, string][] {
  return [
    ['Last order', lastly(state.lastOrderAt)],
    ['Last payment', lastly(state.lastPaymentAt)],
    ['Last mail', lastly(state.lastMailAt)],
    ['Last sale', lastly(state.lastSaleAt)],
    ['Last import', state.lastImport ?? 'none'],
    ['Stock in quarantine', count(state.quarantined)],
    ['Stripe events that wait', count(state.unmatchedEvents)],
    ...Object.entries(state.waiting).map(([kind, waiting]): [string, string] => [
      `${kindName(kind)} waiting`,
      count(waiting),
    ]),
  ];
}

function ReleaseAction() {
  return (
    <Action
      name="Release"
      look={{ variant: 'filled' }}
      role="admin"
      title="Take work again"
      says="What waits is bought, mailed and sent now, by every node. Compare first with the providers and with Stripe what they have done since the last order that is here."
      typed="release"
      isDangerous
      confirm="Release"
      run={async () => {
        await releaseAll();
        return 'Work is taken again.';
      }}
    />
  );
}

import { useQuery } from '@tanstack/react-query';
import { count, plural, usd } from '~/shared/text/format';
import { Card } from '~/shared/ui/Card';
import { DataTable, type Column } from '~/shared/ui/DataTable';
import { Empty, Shown } from '~/shared/ui/states';
import { Tag } from '~/shared/ui/Tag';
import ui from '~/shared/ui/ui.module.css';
import { Action } from '../act/Action';
import { providersQuery, type Provider } from '../payments/data';
import { when } from '../when';
import { abilitiesOf, isPoor } from './abilities';
import { latencyOf, resultsOf } from './calls';
import { healthQuery, hold, release } from './data';
import css from './overview.module.css';

export function Providers() {
  const providers = useQuery(providersQuery);
  const health = useQuery(healthQuery);
  const wordsOf = (prefix: string) =>
    health.data?.parts.find((part) => part.name === `provider ${prefix}` && part.status !== 'ok')?.reason;
  const columns: Column<Provider>[] = [
    {
      name: 'Provider',
      cell: (one) => (
        <>
          <strong>{one.prefix}</strong>
          <Abilities of={one} />
        </>
      ),
    },
    { name: 'Balance', right: true, cell: (one) => <Balance of={one} /> },
    {
      name: 'State',
      cell: (one) => {
        const words = one.held ?? wordsOf(one.prefix) ?? one.lastWords;
        const since = one.heldSince ?? one.failingSince;
        return (
          <div className={css.state}>
            <State provider={one} isIll={wordsOf(one.prefix) !== undefined} />
            {words && <div className={ui.lead}>{words}</div>}
            {since && <div className={ui.lead}>since {when(since)}</div>}
            {one.notSold !== null && one.notSold > 0 && (
              <div className={ui.lead}>{plural(one.notSold, 'product')} not sold: above their price</div>
            )}
          </div>
        );
      },
    },
    { name: 'Last five minutes', whole: true, cell: (one) => <Calls of={one} /> },
    { name: 'Waiting', right: true, cell: (one) => count(one.waiting) },
    { name: 'Failing', right: true, cell: (one) => count(one.failing) },
    { name: '', right: true, cell: (one) => <HoldAction provider={one} /> },
  ];
  return (
    <Card title="Providers" flush>
      <Shown of={providers} lines={3}>
        {(rows) => (
          <DataTable
            caption="Providers"
            columns={columns}
            rows={rows}
            keyOf={(one) => one.prefix}
            empty={<Empty title="No provider is set up" />}
          />
        )}
      </Shown>
    </Card>
  );
}

/** What its format can do, which few want to know. */
function Abilities({ of: { format, capabilities } }: { of: Provider }) {
  if (!format) return <div className={ui.lead}>not configured any more</div>;
  return (
    <details className={ui.lead}>
      <summary>{format}</summary>
      {abilitiesOf(capabilities)}
    </details>
  );
}

/** What is left on our account there. */
function Balance({ of }: { of: Provider }) {
  if (of.balanceUsd === null) return '–';
  return (
    <span title={of.balanceAt ? when(of.balanceAt) : undefined}>
      {usd(of.balanceUsd)} {isPoor(of) && <Tag color="orange">Low</Tag>}
    </span>
  );
}

/** How long this node's latest calls took, and how they ended. */
function Calls({ of: { calls } }: { of: Provider }) {
  const latency = calls ? latencyOf(calls) : undefined;
  if (!calls || !latency) return '–';
  return (
    <>
      {latency}
      <div className={ui.lead}>{resultsOf(calls)}</div>
    </>
  );
}

function State({ provider, isIll }: { provider: Provider; isIll: boolean }) {
  if (provider.held !== null) return <Tag color="orange">Held</Tag>;
  if (isIll) return <Tag color="red">Not well</Tag>;
  if (provider.failing > 0) return <Tag color="yellow">Refuses some</Tag>;
  return <Tag color="green">Sells</Tag>;
}

function HoldAction({ provider: { prefix, held } }: { provider: Provider }) {
  if (held !== null)
    return (
      <Action
        name="Release"
        about={prefix}
        look={{ size: 'compact-sm' }}
        role="support"
        title={`Buy of ${prefix} again`}
        says="What has waited is bought now."
        confirm="Release"
        run={async () => {
          await release(prefix);
          return `${prefix} is released.`;
        }}
      />
    );
  return (
    <Action
      name="Hold"
      about={prefix}
      look={{ size: 'compact-sm' }}
      role="support"
      title={`Buy nothing of ${prefix} for now`}
      says="Orders from wallets are taken and paid, and wait until the provider is released. Orders on account are refused."
      reason={{ label: 'Reason', longest: 500 }}
      typed={prefix}
      isDangerous
      confirm="Hold"
      run={async (reason) => {
        await hold(prefix, reason);
        return `${prefix} is held.`;
      }}
    />
  );
}

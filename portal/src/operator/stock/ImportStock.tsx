import { Alert, FileInput, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { iccidGroups, plural } from '~/shared/text/format';
import { DataTable, type Column } from '~/shared/ui/DataTable';
import { Action } from '../act/Action';
import { readCents, writeCents } from '../dealers/money';
import { importStock, type Imported } from './data';
import { readStock, type Flaw, type StockFile, type StockLine } from './import-file';

const another = '';
const mostBytes = 16 * 1024 * 1024;
const linesShown = 3;
const flawsShown = 20;

const lineColumns: Column<StockLine>[] = [
  { name: 'Line', cell: (one) => one.line },
  { name: 'ICCID', whole: true, cell: (one) => <span className="mono">{iccidGroups(one.iccid)}</span> },
  { name: 'Code', cell: (one) => <span className="mono">{one.lpa.slice(0, 18)}…</span> },
];

const flawColumns: Column<Flaw>[] = [
  { name: 'Line', cell: (one) => one.line },
  { name: 'What is wrong', cell: (one) => one.reason },
];

/** Puts a delivery into stock: what was read is shown before it is sent, and what was refused behind it. */
export function ImportStock({ pools }: { pools: string[] }) {
  const [chosen, setChosen] = useState<File | null>(null);
  const [csv, setCsv] = useState('');
  const [read, setRead] = useState<StockFile>();
  const [pool, setPool] = useState(another);
  const [carrier, setCarrier] = useState('');
  const [plan, setPlan] = useState('');
  const [lot, setLot] = useState('');
  const [cost, setCost] = useState('');
  const [done, setDone] = useState<Imported>();
  const cents = cost.trim() === '' ? 0 : readCents(cost);
  const isCost = cents !== undefined && cents >= 0;
  const isTooLarge = (chosen?.size ?? 0) > mostBytes;
  const [knownCarrier = '', knownPlan = ''] = pool.split('.');
  const place =
    pool === another
      ? { carrier: carrier.trim(), plan: plan.trim() }
      : { carrier: knownCarrier, plan: knownPlan };
  const take = async (file: File | null) => {
    setChosen(file);
    setDone(undefined);
    const text = file && file.size <= mostBytes ? await file.text() : '';
    setCsv(text);
    setRead(file ? readStock(text) : undefined);
  };
  return (
    <Action
      name="Import"
      look={{ variant: 'filled' }}
      role="admin"
      title="Import a delivery"
      isWide
      isDone={done !== undefined}
      says="A CSV with the columns iccid and lpa. What is in stock already is left out, so a file may be sent twice. Dealers who wait for a replacement get theirs at once."
      confirm={read ? `Import ${plural(read.lines.length, 'eSIM')}` : 'Import'}
      onOpen={() => {
        void take(null);
        setPool(pools[0] ?? another);
        setLot('');
        setCost('');
      }}
      isReady={
        !done &&
        !isTooLarge &&
        (read?.lines.length ?? 0) > 0 &&
        place.carrier !== '' &&
        place.plan !== '' &&
        isCost
      }
      run={async () => {
        const wish = {
          ...place,
          lot: lot.trim() || undefined,
          cost_usd: cost.trim() === '' ? undefined : writeCents(cents!),
        };
        setDone(await importStock(wish, csv));
        return undefined;
      }}
    >
      <FileInput
        label="File"
        placeholder="Choose a CSV"
        accept=".csv,text/csv,text/plain"
        value={chosen}
        onChange={(file) => void take(file)}
        error={isTooLarge && 'A file has at most 16 MiB: send it in parts'}
        clearable
        clearButtonProps={{ 'aria-label': 'Choose none' }}
      />
      {read && !done && <Preview read={read} />}
      {done ? (
        <Result done={done} />
      ) : (
        <>
          <NativeSelect
            label="Pool"
            value={pool}
            onChange={(event) => setPool(event.currentTarget.value)}
            data={[
              ...pools.map((one) => ({ value: one, label: one })),
              { value: another, label: 'Another one' },
            ]}
          />
          {pool === another && (
            <>
              <TextInput
                label="Carrier"
                maxLength={32}
                value={carrier}
                onChange={(event) => setCarrier(event.currentTarget.value)}
              />
              <TextInput
                label="Plan"
                maxLength={32}
                value={plan}
                onChange={(event) => setPlan(event.currentTarget.value)}
              />
            </>
          )}
          <TextInput
            label="Lot"
            description="The delivery, by which it can be withdrawn as a whole"
            maxLength={64}
            value={lot}
            onChange={(event) => setLot(event.currentTarget.value)}
          />
          <TextInput
            label="Cost of each, in dollars"
            inputMode="decimal"
            value={cost}
            onChange={(event) => setCost(event.currentTarget.value)}
            error={!isCost && 'An amount like 1.25'}
          />
        </>
      )}
    </Action>
  );
}

function Preview({ read }: { read: StockFile }) {
  return (
    <Stack gap="xs" role="status">
      <Alert color={read.flaws.length > 0 ? 'orange' : 'green'} variant="light">
        {plural(read.lines.length, 'eSIM')} read
        {read.flaws.length > 0 && `, ${plural(read.flaws.length, 'line')} will be refused`}.
      </Alert>
      <DataTable
        caption="The first lines"
        columns={lineColumns}
        rows={read.lines.slice(0, linesShown)}
        keyOf={(one) => String(one.line)}
        empty={null}
      />
      <Flaws flaws={read.flaws} />
    </Stack>
  );
}

function Flaws({ flaws }: { flaws: Flaw[] }) {
  return (
    <DataTable
      caption="Lines that are refused"
      columns={flawColumns}
      rows={flaws.slice(0, flawsShown)}
      keyOf={(one) => String(one.line)}
      empty={null}
      foot={flaws.length > flawsShown && `and ${plural(flaws.length - flawsShown, 'line')} more`}
    />
  );
}

function Result({ done }: { done: Imported }) {
  return (
    <Stack gap="xs" role="status">
      <Alert color="green" variant="light" title={`${plural(done.imported, 'eSIM')} imported`}>
        {done.duplicates > 0 && `${plural(done.duplicates, 'line')} left out, as they are there already. `}
        {done.rejected.length > 0 && `${plural(done.rejected.length, 'line')} refused.`}
      </Alert>
      <Flaws flaws={[...done.rejected, ...done.duplicate_lines].sort((a, b) => a.line - b.line)} />
    </Stack>
  );
}

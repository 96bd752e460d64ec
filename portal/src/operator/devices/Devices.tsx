import { Group, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { count } from '~/shared/text/format';
import { Card } from '~/shared/ui/Card';
import { DataTable, ExportButton, type Column } from '~/shared/ui/DataTable';
import { Page } from '~/shared/ui/Page';
import { PagedTable } from '~/shared/ui/PagedTable';
import { Empty, Shown } from '~/shared/ui/states';
import { Tag } from '~/shared/ui/Tag';
import ui from '~/shared/ui/ui.module.css';
import { Action } from '../act/Action';
import { when } from '../when';
import type { Tone } from '../tone';
import { devicesQuery, drain, reportQuery, type Device, type VerdictDay } from './data';
import { FindVerdict } from './FindVerdict';
import { gathered, lastReason, verdictOf } from './results';
import { TestAction } from './TestAction';

const states: Record<string, Tone> = {
  idle: 'green',
  checking: 'blue',
  probing: 'yellow',
  resting: 'orange',
  drained: 'gray',
  starting: 'blue',
  refused: 'red',
  lost: 'red',
};

const deviceColumns: Column<Device>[] = [
  {
    name: 'Device',
    whole: true,
    cell: (device) => <strong>{device.name}</strong>,
    csv: (device) => device.name,
  },
  { name: 'Node', whole: true, cell: (device) => device.node, csv: (device) => device.node },
  {
    name: 'Driver',
    cell: (device) => (
      <>
        {device.driver}
        {device.version && <div className={ui.lead}>{device.version}</div>}
        {device.eid && <div className={ui.lead}>Card …{device.eid.slice(-8)}</div>}
      </>
    ),
    csv: (device) => device.driver,
  },
  {
    name: 'State',
    cell: (device) => (
      <>
        <Tag color={states[device.state] ?? 'gray'}>{device.state}</Tag>
        {device.rests_until && <div className={ui.lead}>until {when(device.rests_until)}</div>}
        {device.detail && <div className={ui.lead}>{device.detail}</div>}
      </>
    ),
    csv: (device) => device.state,
  },
  {
    name: 'Last results',
    cell: (device) => <Results of={device.last_results.slice(-5)} />,
    csv: (device) => device.last_results.join(' '),
  },
  { name: 'Checks', right: true, cell: (device) => count(device.checks), csv: (device) => device.checks },
  {
    name: 'Failures',
    right: true,
    cell: (device) => (
      <>
        {count(device.failures)}
        {device.failures_in_a_row > 0 && `, ${count(device.failures_in_a_row)} in a row`}
      </>
    ),
    csv: (device) => device.failures,
  },
  {
    name: '',
    right: true,
    cell: (device) => (
      <Group gap="xs" justify="flex-end" wrap="nowrap">
        <TestAction device={device} />
        {device.state !== 'drained' && <DrainAction device={device} />}
      </Group>
    ),
  },
];

/** What the latest checks came to, and why the last that was not plain did. */
function Results({ of: results }: { of: string[] }) {
  const reason = lastReason(results);
  return (
    <>
      {gathered(results.map(verdictOf)) || '–'}
      {reason && <div className={ui.lead}>{reason}</div>}
    </>
  );
}

function DrainAction({ device }: { device: Device }) {
  return (
    <Action
      name="Drain"
      about={device.name}
      look={{ size: 'compact-sm', variant: 'subtle', color: 'red' }}
      role="admin"
      title={`Take ${device.name} out of service`}
      says="It ends the check that it is at, and gets no other. It comes back when its node is started again."
      typed={device.name}
      isDangerous
      confirm="Take out of service"
      run={async () => {
        await drain(device.name);
        return `${device.name} is drained.`;
      }}
    />
  );
}

export function Devices() {
  const devices = useQuery(devicesQuery);
  return (
    <Page name="Devices" lead="What checks activation codes at any node, as it happens">
      <Card flush>
        <Shown of={devices} lines={4}>
          {(rows) => (
            <DataTable
              caption="Devices"
              columns={deviceColumns}
              rows={rows}
              keyOf={(device) => device.name}
              empty={
                <Empty title="There are no devices">
                  Nodes with the role devices have some, and sites with a devices’ node.
                </Empty>
              }
            />
          )}
        </Shown>
      </Card>
      <Report />
      <FindVerdict />
    </Page>
  );
}

const figure = (name: string, of: (day: VerdictDay) => number): Column<VerdictDay> => ({
  name,
  right: true,
  cell: (day) => count(of(day)),
  csv: of,
});

const reportColumns: Column<VerdictDay>[] = [
  { name: 'Day', cell: (day) => day.day, csv: (day) => day.day },
  { name: 'Host', cell: (day) => day.host, csv: (day) => day.host },
  { name: 'Device', cell: (day) => day.device, csv: (day) => day.device },
  figure('Available', (day) => day.available),
  figure('Used', (day) => day.used),
  figure('Invalid', (day) => day.invalid),
  figure('Error', (day) => day.error),
  figure('Unknown', (day) => day.unknown),
];

const spans = [1, 7, 30, 90];

function Report() {
  const [days, setDays] = useState(7);
  const report = useQuery(reportQuery(days));
  return (
    <Card
      title="Verdicts by day, host and device"
      flush
      actions={
        <ExportButton
          file="verdicts.csv"
          columns={reportColumns}
          rows={() => report.data ?? []}
          disabled={!report.data?.length}
        />
      }
    >
      <div className={ui.filters}>
        <NativeSelect
          label="How far back"
          size="sm"
          value={String(days)}
          onChange={(event) => setDays(Number(event.currentTarget.value))}
          data={spans.map((span) => ({
            value: String(span),
            label: span === 1 ? '1 day' : `${span} days`,
          }))}
        />
      </div>
      <Shown of={report}>
        {(rows) => (
          <PagedTable
            caption="Verdicts"
            noun="line"
            columns={reportColumns}
            rows={rows}
            keyOf={(day) => `${day.day} ${day.host} ${day.device}`}
            empty={<Empty title="Nothing was checked in this time" />}
          />
        )}
      </Shown>
    </Card>
  );
}

import { Alert, Stack } from '@mantine/core';
import { useState } from 'react';
import { DataTable, type Column } from '~/shared/ui/DataTable';
import { Tag } from '~/shared/ui/Tag';
import { Action } from '../act/Action';
import { test, type Device, type TestResult } from './data';

type Step = TestResult['steps'][number];

const columns: Column<Step>[] = [
  { name: 'Step', cell: (step) => step.step },
  {
    name: 'Result',
    cell: (step) => <Tag color={step.ok ? 'green' : 'red'}>{step.ok ? 'Well' : 'Not well'}</Tag>,
  },
  { name: 'What was found', cell: (step) => step.detail },
];

/** Lets a device test itself, and shows what it found. */
export function TestAction({ device }: { device: Device }) {
  const [result, setResult] = useState<TestResult>();
  return (
    <Action
      name="Test"
      about={device.name}
      look={{ size: 'compact-sm' }}
      role="support"
      isWide
      title={`Have ${device.name} test itself`}
      says="It looks at its program, reader and card, and at the way to its test host, behind the check that it is at. No code is asked about."
      confirm={result ? 'Test once more' : 'Test'}
      onOpen={() => setResult(undefined)}
      run={async () => {
        setResult(await test(device.name));
        return undefined;
      }}
    >
      {result && (
        <Stack gap="xs" role="status">
          <Alert color={result.ok ? 'green' : 'red'} variant="light">
            {result.ok ? 'All is well.' : 'Something is not well.'}
          </Alert>
          <DataTable
            caption="What the test found"
            columns={columns}
            rows={result.steps}
            keyOf={(step) => step.step}
            empty={null}
          />
        </Stack>
      )}
    </Action>
  );
}

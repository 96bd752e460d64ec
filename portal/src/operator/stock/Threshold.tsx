import { NumberInput } from '@mantine/core';
import { useState } from 'react';
import { Action } from '../act/Action';
import { setThreshold, type Level } from './data';

const most = 1_000_000;

/** Says below how many a pool runs out, for everybody. */
export function Threshold({ level }: { level: Level }) {
  const [typed, setTyped] = useState<number | string>(level.threshold);
  const [carrier = '', plan = ''] = level.pool.split('.');
  return (
    <Action
      name="Threshold"
      about={level.pool}
      look={{ size: 'compact-sm', variant: 'subtle' }}
      role="admin"
      title={`When ${level.pool} is low`}
      says="With fewer eSIMs than this the pool is low: this page and the overview say so, and the alert of low stock goes by it."
      isReady={typeof typed === 'number'}
      confirm="Set"
      onOpen={() => setTyped(level.threshold)}
      run={async () => {
        const set = await setThreshold(carrier, plan, Number(typed));
        return `${set.pool} is low below ${set.threshold}.`;
      }}
    >
      <NumberInput
        label="Low below"
        min={0}
        max={most}
        clampBehavior="strict"
        allowDecimal={false}
        value={typed}
        onChange={setTyped}
        data-autofocus
      />
    </Action>
  );
}

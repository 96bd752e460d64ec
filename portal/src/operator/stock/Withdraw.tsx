import { Textarea } from '@mantine/core';
import { useState } from 'react';
import { plural } from '~/shared/text/format';
import { Action } from '../act/Action';
import { withdraw, type Lot } from './data';
import { readIccids } from './import-file';

const reason = { label: 'Reason', longest: 500 };
const mostIccids = 1000;

export function WithdrawLot({ lot }: { lot: Lot }) {
  return (
    <Action
      name="Withdraw"
      about={lot.lot!}
      look={{ size: 'compact-sm', variant: 'subtle', color: 'red' }}
      role="admin"
      title={`Withdraw ${lot.lot}`}
      says={`${plural(lot.available, 'eSIM')} of ${lot.pool} will not be sold. ${plural(lot.sold, 'is sold already', 'are sold already')}, and stay with the dealers: the lot’s page lists who has them. This cannot be taken back.`}
      reason={reason}
      typed={lot.lot!}
      isDangerous
      confirm={`Withdraw ${plural(lot.available, 'eSIM')}`}
      run={async (why) => {
        const done = await withdraw({ lot: lot.lot! }, why);
        return `${plural(done.withdrawn, 'eSIM')} withdrawn.`;
      }}
    />
  );
}

export function WithdrawIccids() {
  const [typed, setTyped] = useState('');
  const iccids = readIccids(typed);
  const isTooMany = iccids.length > mostIccids;
  return (
    <Action
      name="Withdraw eSIMs"
      role="admin"
      title="Withdraw eSIMs from stock"
      says="They will not be sold. Those that are sold already stay with the dealers. This cannot be taken back."
      reason={reason}
      typed={String(iccids.length)}
      isReady={iccids.length > 0 && !isTooMany}
      isDangerous
      confirm={`Withdraw ${plural(iccids.length, 'eSIM')}`}
      onOpen={() => setTyped('')}
      run={async (why) => {
        const done = await withdraw({ iccids }, why);
        return `${plural(done.withdrawn, 'eSIM')} withdrawn.`;
      }}
    >
      <Textarea
        label="ICCIDs"
        description="One a line, at most 1,000"
        autosize
        minRows={3}
        maxRows={10}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        error={isTooMany && `${iccids.length} are too many for once`}
        data-autofocus
      />
    </Action>
  );
}

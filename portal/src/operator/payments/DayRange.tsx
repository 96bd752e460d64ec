import { TextInput } from '@mantine/core';
import ui from '~/shared/ui/ui.module.css';

export interface Days {
  from: string;
  to: string;
}

/** The first and the last UTC day of a time. */
export function DayRange({ days, set }: { days: Days; set: (days: Days) => void }) {
  return (
    <div className={ui.actions}>
      <TextInput
        label="From"
        type="date"
        size="sm"
        max={days.to}
        value={days.from}
        onChange={(event) => event.currentTarget.value && set({ ...days, from: event.currentTarget.value })}
      />
      <TextInput
        label="To"
        type="date"
        size="sm"
        min={days.from}
        value={days.to}
        onChange={(event) => event.currentTarget.value && set({ ...days, to: event.currentTarget.value })}
      />
    </div>
  );
}

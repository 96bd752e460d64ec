import '@mantine/charts/styles.css';
import { AreaChart } from '@mantine/charts';
import { usd } from '~/shared/text/format';
import type { Day } from './course';

const shortDays = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
const shortDollars = new Intl.NumberFormat('en-US', {
  style: 'currency',
  currency: 'USD',
  notation: 'compact',
});

/** Its own file, because the charts are the largest part of these pages, and the rest need not wait for them. */
export function BalanceChart({ days }: { days: Day[] }) {
  const lowest = Math.min(...days.map((day) => day.balance));
  const highest = Math.max(...days.map((day) => day.balance));
  return (
    <figure style={{ margin: '1.25rem 0 0' }}>
      <figcaption className="unseen">
        The balance of {days.length} days: between {usd(lowest)} and {usd(highest)}.
      </figcaption>
      <AreaChart
        h={180}
        data={days.map((day) => ({ day: shortDays.format(new Date(day.day)), Balance: day.balance }))}
        dataKey="day"
        series={[{ name: 'Balance', color: 'ink.6' }]}
        curveType="stepAfter"
        withDots={false}
        gridAxis="x"
        tickLine="none"
        strokeWidth={1.5}
        fillOpacity={0.12}
        valueFormatter={usd}
        yAxisProps={{
          width: 56,
          domain: [0, 'auto'],
          tickFormatter: (value: number) => shortDollars.format(value),
        }}
        xAxisProps={{ interval: 'preserveStartEnd', minTickGap: 40 }}
      />
    </figure>
  );
}

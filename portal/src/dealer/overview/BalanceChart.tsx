import '@mantine/charts/styles.css';
import { AreaChart } from '@mantine/charts';
import { shortUsd, shortUtcDay, usd } from '~/shared/text/format';
import { t } from '../words';
import type { Day } from './course';

/** A file of its own: the charts are the largest part of these pages, and the rest should not wait for them. */
export function BalanceChart({ days }: { days: Day[] }) {
  const lowest = Math.min(...days.map((day) => day.balance));
  const highest = Math.max(...days.map((day) => day.balance));
  return (
    <figure style={{ margin: '1.25rem 0 0' }}>
      <figcaption className="unseen">{t.overview.course(days.length, usd(lowest), usd(highest))}</figcaption>
      <AreaChart
        h={180}
        data={days.map((day) => ({ day: shortUtcDay(day.day), balance: day.balance }))}
        dataKey="day"
        series={[{ name: 'balance', label: t.fields.balance, color: 'ink.6' }]}
        curveType="stepBefore"
        withDots={false}
        gridAxis="x"
        tickLine="none"
        strokeWidth={1.5}
        fillOpacity={0.12}
        areaChartProps={{ margin: { top: 8 } }}
        valueFormatter={usd}
        yAxisProps={{
          width: 56,
          domain: [0, 'auto'],
          tickFormatter: shortUsd,
        }}
        xAxisProps={{ interval: 'preserveStartEnd', minTickGap: 40 }}
      />
    </figure>
  );
}

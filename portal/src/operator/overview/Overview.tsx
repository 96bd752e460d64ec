import { useQuery } from '@tanstack/react-query';
import { count, plural, usd } from '~/shared/text/format';
import { Card, Figure } from '~/shared/ui/Card';
import { Page } from '~/shared/ui/Page';
import { Shown } from '~/shared/ui/states';
import { Tag } from '~/shared/ui/Tag';
import ui from '~/shared/ui/ui.module.css';
import type { Told } from '../api/client';
import { salesQuery } from '../payments/data';
import { utcDay } from '../search';
import type { Tone } from '../tone';
import { Attention } from './Attention';
import { healthQuery, often } from './data';
import { sumOf } from './money';
import css from './overview.module.css';
import { Providers } from './Providers';

export function Overview() {
  return (
    <Page name="Overview">
      <Money />
      <div className={ui.two}>
        <Health />
        <Attention />
      </div>
      <Providers />
    </Page>
  );
}

function Money() {
  const today = utcDay();
  const sales = useQuery({ ...salesQuery({ from: today, to: today }), ...often });
  return (
    <Card title="Today, in UTC">
      <Shown of={sales} lines={2}>
        {(rows) => {
          const sum = sumOf(rows);
          const isKnown = sum.unitsWithoutCost === 0;
          return (
            <div className={css.figures}>
              <Figure label="Sold" value={usd(sum.revenue)} />
              <Figure
                label="Cost"
                value={usd(sum.cost)}
                note={!isKnown && `Of ${plural(sum.unitsWithoutCost, 'unit')} not known`}
              />
              <Figure label="Margin" value={usd(sum.margin)} note={!isKnown && 'Of what has a cost'} />
              <Figure label="Orders" value={count(sum.orders)} note={plural(sum.units, 'unit')} />
            </div>
          );
        }}
      </Shown>
    </Card>
  );
}

type Condition = Told<'/admin/v1/health'>['status'];

const conditions: Record<Condition, { name: string; tone: Tone }> = {
  ok: { name: 'Well', tone: 'green' },
  degraded: { name: 'Not quite well', tone: 'orange' },
  down: { name: 'Down', tone: 'red' },
};

type Part = Told<'/admin/v1/health'>['parts'][number];

/** A certificate is named by its file. In which folder that is matters only when something is wrong with it. */
const withoutFolder = (name: string) => name.replace(/ \/\S*\//, ' ');

/** One by one what is not well; all the rest in a sentence. */
function Parts({ of: parts }: { of: Part[] }) {
  const well = parts.filter((part) => part.status === 'ok').map((part) => withoutFolder(part.name));
  const ill = parts.filter((part) => part.status !== 'ok');
  return (
    <>
      {ill.length > 0 && (
        <ul className={css.parts}>
          {ill.map((part) => (
            <li key={part.name}>
              <span>
                <span className={css.name}>{part.name}</span>
                {part.reason && <span className={css.reason}>{part.reason}</span>}
              </span>
              <Tag color={conditions[part.status].tone}>{conditions[part.status].name}</Tag>
            </li>
          ))}
        </ul>
      )}
      {well.length > 0 && (
        <p className={css.well}>
          <strong>{ill.length === 0 ? 'All is well: ' : 'Well: '}</strong>
          {well.join(', ')}.
        </p>
      )}
    </>
  );
}

function Health() {
  const health = useQuery(healthQuery);
  const whole = health.data && conditions[health.data.status];
  return (
    <Card title="Health" actions={whole && <Tag color={whole.tone}>{whole.name}</Tag>}>
      <Shown of={health} lines={3}>
        {({ parts }) => <Parts of={parts} />}
      </Shown>
    </Card>
  );
}

"""What holds across the rows of agreements, years, roles and receivables."""

from functools import partial

from inm_portal.kernel.grants import append_only_tables
from inm_portal.kernel.invariants import Invariant, declare
from inm_portal.kernel.money import CURRENCIES

from .models import BOOKS, IN_KIND, TRIAL_BALANCE
from .models.aging import untied
from .models.receivables import SETTLED, STANDS, USED

WRITTEN_ONCE = ", ".join(f"'{table}'" for table in sorted(append_only_tables()))
CATEGORIES_IN_KIND = ", ".join(f"'{category}'" for category in sorted(IN_KIND))

declare(
    Invariant(
        "Each signed agreement has the commitment years that it says.",
        """
        SELECT a.id FROM consortium_agreement a WHERE a.state <> 'draft' AND (
            a.term_years <> (SELECT count(*) FROM consortium_commitmentyear c
                             WHERE c.agreement_id = a.id)
            OR EXISTS (
                SELECT FROM consortium_agreementyear y
                LEFT JOIN consortium_commitmentyear c
                    ON c.agreement_id = y.agreement_id AND c.number = y.number
                WHERE y.agreement_id = a.id AND
                    (c.required, c.fee_part) IS DISTINCT FROM (y.required, y.fee_part)
            )
        )
        """,
    ),
    Invariant(
        "The years of a term follow each other from its first day to its last.",
        """
        SELECT a.id FROM consortium_agreement a
        JOIN consortium_commitmentyear c ON c.agreement_id = a.id
        GROUP BY a.id
        HAVING min(c.starts_on) <> a.effective_on
            OR max(c.ends_on) + 1
                <> a.effective_on + make_interval(years => a.term_years)
            OR sum(c.ends_on - c.starts_on + 1) <> max(c.ends_on) - a.effective_on + 1
        """,
    ),
    Invariant(
        "Drafts have no commitment years.",
        """
        SELECT a.id FROM consortium_agreement a WHERE a.state = 'draft' AND EXISTS (
            SELECT FROM consortium_commitmentyear c WHERE c.agreement_id = a.id
        )
        """,
    ),
    Invariant(
        "The digest beside the signatures is that of the executed version.",
        """
        SELECT s.id FROM (
            SELECT id, executed_id, executed_sha256 FROM consortium_agreement
            UNION ALL
            SELECT id, executed_id, executed_sha256 FROM consortium_amendment
        ) s JOIN kernel_document d ON d.id = s.executed_id
        WHERE d.sha256 <> s.executed_sha256
        """,
    ),
    Invariant(
        "An amendment has the amounts that it says, and only once it is signed.",
        """
        SELECT y.id FROM consortium_yearamount y
        JOIN consortium_amendment a ON a.id = y.amendment_id
        JOIN consortium_commitmentyear c ON c.id = y.commitment_year_id
        WHERE a.state <> 'signed' OR NOT EXISTS (
            SELECT FROM consortium_amendedyear w
            WHERE w.amendment_id = a.id AND w.number = c.number
        )
        """,
    ),
    Invariant(
        "Who left holds no role.",
        """
        SELECT c.id FROM consortium_contact c
        JOIN consortium_roleassignment r ON r.contact_id = c.id
        WHERE c.departed_on IS NOT NULL AND r.from_on IS DISTINCT FROM r.until_on
            AND (r.until_on IS NULL OR r.until_on > c.departed_on)
        """,
    ),
    Invariant(
        "The claims and credits on one document do not exceed its amount.",
        """
        SELECT e.id FROM consortium_evidence e
        LEFT JOIN consortium_contributioncredit c ON c.evidence_id = e.id
        LEFT JOIN LATERAL (
            SELECT sum(n.amount + n.recognized) AS stands
            FROM consortium_creditentry n WHERE n.credit_id = c.id
        ) entries ON true
        GROUP BY e.id
        HAVING e.amount < coalesce(sum(CASE
            WHEN c.state IN ('decided', 'withdrawn') THEN coalesce(entries.stands, 0)
            ELSE c.amount END), 0)
        """,
    ),
    Invariant(
        "A credit was accepted by the entry of its decision.",
        """
        SELECT c.id FROM consortium_contributioncredit c
        LEFT JOIN consortium_creditentry n ON n.credit_id = c.id
            AND n.kind = 'accepted'
        WHERE coalesce(c.accepted, 0) <> coalesce(n.amount + n.recognized, 0)
        """,
    ),
    Invariant(
        "No more stands of a credit than was claimed.",
        """
        SELECT c.id FROM consortium_contributioncredit c
        JOIN consortium_creditentry n ON n.credit_id = c.id
        GROUP BY c.id HAVING sum(n.amount + n.recognized) > c.amount
        """,
    ),
    Invariant(
        "What counts in kind is a thing that was delivered.",
        f"""
        SELECT c.id FROM consortium_contributioncredit c
        JOIN consortium_creditentry n ON n.credit_id = c.id
        LEFT JOIN consortium_inkinditem i ON i.credit_id = c.id
        WHERE c.category IN ({CATEGORIES_IN_KIND})
            AND i.state IS DISTINCT FROM 'delivered'
        GROUP BY c.id HAVING sum(n.amount + n.recognized) > 0
        """,  # noqa: S608 - categories of our own
    ),
    Invariant(
        "Who valued a thing did not accept it.",
        """
        SELECT c.id FROM consortium_contributioncredit c
        JOIN consortium_inkinditem i ON i.credit_id = c.id
        JOIN LATERAL (
            SELECT v.valued_by_id FROM consortium_valuation v
            WHERE v.item_id = i.id ORDER BY v.valued_at DESC, v.id DESC LIMIT 1
        ) last ON true
        WHERE c.accepted > 0 AND last.valued_by_id = c.decided_by_id
        """,
    ),
    Invariant(
        "What is carried out of a year is carried into the next.",
        """
        SELECT n.carried_from_id FROM consortium_creditentry n
        WHERE n.kind = 'carried_forward'
        GROUP BY n.carried_from_id HAVING sum(n.amount) <> 0
        """,
    ),
    Invariant(
        "Excess is carried only where the agreement says so.",
        """
        SELECT n.id FROM consortium_creditentry n
        JOIN consortium_commitmentyear y ON y.id = n.commitment_year_id
        JOIN consortium_agreement a ON a.id = y.agreement_id
        WHERE n.kind = 'carried_forward' AND NOT a.carries_forward
        """,
    ),
    Invariant(
        "What is accepted counts toward the year for which it was claimed.",
        """
        SELECT n.id FROM consortium_creditentry n
        JOIN consortium_contributioncredit c ON c.id = n.credit_id
        WHERE n.kind = 'accepted' AND n.commitment_year_id <> c.commitment_year_id
        """,
    ),
    Invariant(
        # What was credited under the cap stays, if an amendment lowers it later.
        "No more is credited in kind than the highest cap that a year had.",
        f"""
        SELECT y.id FROM consortium_commitmentyear y
        JOIN consortium_agreement a ON a.id = y.agreement_id
        JOIN consortium_contributioncredit c ON c.commitment_year_id = y.id
            AND c.category IN ({CATEGORIES_IN_KIND})
        JOIN consortium_creditentry n ON n.credit_id = c.id
            AND n.commitment_year_id = y.id
        GROUP BY y.id, y.required, a.in_kind_cap_percent
        HAVING sum(n.amount) > round(greatest(y.required, (
            SELECT max(w.required) FROM consortium_yearamount w
            WHERE w.commitment_year_id = y.id
        )) * a.in_kind_cap_percent / 100, 2)
        """,  # noqa: S608 - categories of our own
    ),
)

declare(
    Invariant(  # V1
        "The debits of each ledger entry equal its credits and its amount.",
        """
        SELECT e.id FROM consortium_ledgerentry e
        LEFT JOIN consortium_ledgerline l ON l.entry_id = e.id
        GROUP BY e.id HAVING (sum(l.debit), sum(l.credit))
            IS DISTINCT FROM (e.amount, e.amount)
        """,
    ),
    Invariant(  # V2
        "The whole ledger nets to zero in each currency.",
        """
        SELECT e.currency FROM consortium_ledgerentry e
        JOIN consortium_ledgerline l ON l.entry_id = e.id
        GROUP BY e.currency HAVING sum(l.debit) <> sum(l.credit)
        """,
    ),
    Invariant(  # V11
        "Each reversal mirrors one entry that is no reversal itself.",
        """
        SELECT r.id FROM consortium_ledgerentry r
        JOIN consortium_ledgerentry e ON e.id = r.reverses_id
        WHERE e.kind = 'reversal' OR (e.amount, e.currency) <> (r.amount, r.currency)
        OR EXISTS (
            (SELECT account, organization_id, credit, debit
             FROM consortium_ledgerline WHERE entry_id = e.id)
            EXCEPT ALL
            (SELECT account, organization_id, debit, credit
             FROM consortium_ledgerline WHERE entry_id = r.id)
        )
        """,
    ),
    Invariant(  # V12
        "Nothing is posted in a closed month after its close.",
        """
        SELECT e.id FROM consortium_ledgerentry e
        JOIN consortium_periodclose c ON e.posted_on < c.month + interval '1 month'
            AND e.recorded_at > c.closed_at
        WHERE NOT EXISTS (
            SELECT FROM consortium_periodreopening r WHERE r.close_id = c.id
                AND r.state = 'recorded'
        )
        """,
    ),
    Invariant(  # V13
        "The trial balance of a closed month is what its close says, to the digest.",
        f"""
        SELECT c.id FROM consortium_periodclose c
        WHERE c.sha256 <>
            encode(sha256(convert_to(c.trial_balance::text, 'UTF8')), 'hex')
        OR c.trial_balance <> ({TRIAL_BALANCE.format(month="c.month")})
            AND NOT EXISTS (
                SELECT FROM consortium_periodreopening r WHERE r.close_id = c.id
                    AND r.state = 'recorded'
            )
        """,  # noqa: S608 - words of our own
    ),
    Invariant(  # V19
        "A batch of the general ledger has entries, and each is in one.",
        """
        SELECT b.id FROM consortium_exportbatch b WHERE NOT EXISTS (
            SELECT FROM consortium_exportedentry x WHERE x.batch_id = b.id
        )
        UNION ALL
        SELECT x.entry_id FROM consortium_exportedentry x
        GROUP BY x.entry_id HAVING count(*) > 1
        """,
    ),
    Invariant(  # V3
        "The receivable of each member is what is open of its invoices.",
        f"""
        SELECT coalesce(ledger.id, open.id) FROM (
            SELECT l.organization_id AS id, e.currency, sum(l.debit - l.credit) AS sum
            FROM consortium_ledgerline l
            JOIN consortium_ledgerentry e ON e.id = l.entry_id
            WHERE l.account = 'receivable' GROUP BY 1, 2
        ) ledger FULL JOIN (
            SELECT i.organization_id AS id, i.currency,
                sum(l.amount - ({SETTLED.format(line="l.id")})) AS sum
            FROM consortium_invoiceline l
            JOIN consortium_invoice i ON i.id = l.invoice_id
            WHERE i.state = 'issued' GROUP BY 1, 2
        ) open ON (open.id, open.currency) = (ledger.id, ledger.currency)
        WHERE coalesce(ledger.sum, 0) <> coalesce(open.sum, 0)
        """,  # noqa: S608 - words of our own
    ),
    Invariant(  # V4
        "The unapplied cash of each member is what is left of its shares.",
        f"""
        SELECT coalesce(ledger.id, own.id) FROM (
            SELECT l.organization_id AS id, e.currency, sum(l.credit - l.debit) AS sum
            FROM consortium_ledgerline l
            JOIN consortium_ledgerentry e ON e.id = l.entry_id
            WHERE l.account = 'unapplied_cash' AND l.organization_id IS NOT NULL
            GROUP BY 1, 2
        ) ledger FULL JOIN (
            SELECT s.organization_id AS id, c.currency, sum(
                ({STANDS.format(share="s.id")}) - ({USED.format(share="s.id")})
            ) AS sum
            FROM consortium_receiptshare s
            JOIN consortium_receipt c ON c.id = s.receipt_id GROUP BY 1, 2
        ) own ON (own.id, own.currency) = (ledger.id, ledger.currency)
        WHERE coalesce(ledger.sum, 0) <> coalesce(own.sum, 0)
        """,  # noqa: S608 - words of our own
    ),
    Invariant(  # V4, of what is nobody's yet
        "Unapplied cash without a member is what of receipts is nobody's yet.",
        """
        SELECT coalesce(ledger.currency, own.currency) FROM (
            SELECT e.currency, sum(l.credit - l.debit) AS sum
            FROM consortium_ledgerline l
            JOIN consortium_ledgerentry e ON e.id = l.entry_id
            WHERE l.account = 'unapplied_cash' AND l.organization_id IS NULL
            GROUP BY 1
        ) ledger FULL JOIN (
            SELECT c.currency, sum(c.amount - coalesce((
                SELECT sum(s.amount) FROM consortium_receiptshare s
                WHERE s.receipt_id = c.id AND NOT EXISTS (
                    SELECT FROM consortium_ledgerentry r
                    WHERE r.reverses_id = s.entry_id)
            ), 0)) AS sum
            FROM consortium_receipt c
            WHERE c.entry_id IS NOT NULL AND NOT EXISTS (
                SELECT FROM consortium_ledgerentry r WHERE r.reverses_id = c.entry_id)
            GROUP BY 1
        ) own ON own.currency = ledger.currency
        WHERE coalesce(ledger.sum, 0) <> coalesce(own.sum, 0)
        """,
    ),
    *[
        Invariant(  # V16
            f"Aging, statement and ledger of each member say the same in {currency}.",
            partial(untied, currency=currency),
        )
        for currency, _name in CURRENCIES
    ],
    Invariant(  # V5
        "No more of a line is settled than it asks for, and only once it is issued.",
        f"""
        SELECT l.id FROM consortium_invoiceline l
        JOIN consortium_invoice i ON i.id = l.invoice_id
        WHERE ({SETTLED.format(line="l.id")})
            > CASE WHEN i.state = 'issued' THEN l.amount ELSE 0 END
        """,  # noqa: S608 - words of our own
    ),
    Invariant(  # V6
        "No more of a receipt is shared, applied and paid back than arrived.",
        f"""
        SELECT s.id FROM consortium_receiptshare s
        WHERE ({STANDS.format(share="s.id")}) < ({USED.format(share="s.id")})
        UNION ALL
        SELECT c.id FROM consortium_receipt c
        WHERE (
            SELECT sum({STANDS.format(share="s.id")}) FROM consortium_receiptshare s
            WHERE s.receipt_id = c.id
        ) > c.amount
        """,  # noqa: S608 - words of our own
    ),
    Invariant(  # V17
        "Each posted row has the amount, kind and member of its entry.",
        """
        SELECT p.id FROM (
            SELECT id, entry_id, amount, 'cash_recorded' AS kind, NULL::bigint AS owner
            FROM consortium_receipt WHERE entry_id IS NOT NULL
            UNION ALL
            SELECT id, entry_id, amount, 'cash_shared', organization_id
            FROM consortium_receiptshare
            UNION ALL
            SELECT a.id, a.entry_id, a.amount, 'cash_allocated', s.organization_id
            FROM consortium_allocation a
            JOIN consortium_receiptshare s ON s.id = a.share_id
            UNION ALL
            SELECT f.id, f.entry_id, f.amount, 'refund', s.organization_id
            FROM consortium_refund f
            JOIN consortium_receiptshare s ON s.id = f.share_id
            WHERE f.entry_id IS NOT NULL
            UNION ALL
            SELECT w.id, w.entry_id, w.amount,
                CASE w.kind WHEN 'bad_debt' THEN 'write_off' ELSE w.kind END,
                i.organization_id
            FROM consortium_writeoff w
            JOIN consortium_invoiceline l ON l.id = w.line_id
            JOIN consortium_invoice i ON i.id = l.invoice_id
            WHERE w.entry_id IS NOT NULL
        ) p JOIN consortium_ledgerentry e ON e.id = p.entry_id
        WHERE (e.kind, e.amount) <> (p.kind, p.amount) OR EXISTS (
            SELECT FROM consortium_ledgerline l WHERE l.entry_id = e.id
            AND coalesce(l.organization_id, p.owner) IS DISTINCT FROM p.owner
        )
        """,
    ),
    about=BOOKS,
)

declare(
    Invariant(  # V7
        "The instalments in force of each year add up to its fee in force.",
        """
        SELECT y.id FROM consortium_commitmentyear y
        JOIN consortium_agreement a ON a.id = y.agreement_id
        WHERE CASE WHEN y.starts_on > a.last_on THEN 0 ELSE coalesce((
            SELECT w.fee_part FROM consortium_yearamount w
            WHERE w.commitment_year_id = y.id ORDER BY w.id DESC LIMIT 1
        ), y.fee_part) END <> coalesce((
            SELECT sum(n.amount) FROM consortium_instalment n
            LEFT JOIN consortium_instalmentcancellation c ON c.instalment_id = n.id
            WHERE n.commitment_year_id = y.id AND c.id IS NULL
        ), 0)
        """,
    ),
    Invariant(  # V8
        "An instalment is on one live line at most, for its amount.",
        """
        SELECT n.id FROM consortium_instalment n
        JOIN consortium_invoiceline l ON l.instalment_id = n.id
        JOIN consortium_invoice i ON i.id = l.invoice_id
        WHERE i.state <> 'voided' AND (i.state = 'issued' OR i.replaces_id IS NULL)
            AND l.amount > (
                SELECT coalesce(sum(c.amount), 0) FROM consortium_creditnoteline c
                JOIN consortium_creditnote t ON t.id = c.credit_note_id
                WHERE c.line_id = l.id AND t.state = 'issued'
            )
        GROUP BY n.id, n.amount HAVING count(*) > 1 OR max(l.amount) <> n.amount
        """,
    ),
    Invariant(  # V9
        "What was issued has its PDF, with the digest that stands beside it.",
        """
        SELECT i.number FROM consortium_invoice i
        LEFT JOIN consortium_invoicepdf p ON p.invoice_id = i.id
        WHERE i.number IS NOT NULL
            AND p.sha256 IS DISTINCT FROM encode(sha256(p.content), 'hex')
            OR i.number IS NOT NULL AND p.id IS NULL
        UNION ALL
        SELECT n.number FROM consortium_creditnote n
        LEFT JOIN consortium_creditnotepdf p ON p.credit_note_id = n.id
        WHERE n.number IS NOT NULL
            AND p.sha256 IS DISTINCT FROM encode(sha256(p.content), 'hex')
            OR n.number IS NOT NULL AND p.id IS NULL
        """,
    ),
    Invariant(  # V10
        "The numbers of a fiscal year leave no gap, and are those that were counted.",
        """
        SELECT coalesce(c.id, 0) FROM consortium_numbercounter c FULL JOIN (
            SELECT 'INM' AS series, fiscal_year, count(*) AS issued, max(serial) AS last
            FROM consortium_invoice WHERE serial IS NOT NULL GROUP BY fiscal_year
            UNION ALL
            SELECT 'INM-CN', fiscal_year, count(*), max(serial)
            FROM consortium_creditnote WHERE serial IS NOT NULL GROUP BY fiscal_year
        ) taken ON (taken.series, taken.fiscal_year) = (c.series, c.fiscal_year)
        WHERE (taken.issued, taken.last) IS DISTINCT FROM (c.last, c.last)
        """,
    ),
    Invariant(
        "What is paid of a fee counts toward its year, as much and as long as it is.",
        """
        SELECT p.entry_id FROM (
            SELECT line_id, entry_id FROM consortium_allocation
            UNION ALL SELECT line_id, entry_id FROM consortium_writeoff
            WHERE entry_id IS NOT NULL AND kind <> 'bad_debt'
        ) p
        JOIN consortium_ledgerentry e ON e.id = p.entry_id
        JOIN consortium_invoiceline l ON l.id = p.line_id
        JOIN consortium_commitmentyear y ON y.id = l.commitment_year_id
        JOIN consortium_agreement a ON a.id = y.agreement_id
        LEFT JOIN consortium_ledgerentry r ON r.reverses_id = e.id
        LEFT JOIN consortium_contributioncredit c ON c.posting_id = e.id
        LEFT JOIN LATERAL (
            SELECT coalesce(sum(n.amount + n.recognized), 0) AS stands
            FROM consortium_creditentry n WHERE n.credit_id = c.id
        ) entries ON true
        WHERE CASE
            WHEN c.id IS NULL THEN r.id IS NULL
                AND y.starts_on <= (e.recorded_at AT TIME ZONE 'America/New_York')::date
                AND (a.last_on IS NULL OR a.last_on >= y.starts_on)
            WHEN r.id IS NULL THEN stands <> e.amount
            ELSE stands <> 0
        END
        """,
    ),
    Invariant(  # V14
        "No rung of a reminder is planned twice in a cycle.",
        """
        SELECT min(d.id) FROM kernel_reminderdelivery d
        GROUP BY d.rule, d.subject_id, d.rung, d.cycle HAVING count(*) > 1
        """,
    ),
    Invariant(  # V18
        "What is written once has the trigger by which it stays.",
        f"""
        SELECT t.name FROM unnest(ARRAY[{WRITTEN_ONCE}]) t (name) WHERE NOT EXISTS (
            SELECT FROM pg_trigger g WHERE g.tgrelid = t.name::regclass
                AND g.tgname LIKE 'pgtrigger_append_only_%%' AND g.tgenabled = 'O'
        )
        """,  # noqa: S608 - tables of our own
    ),
)

#: What settled a line, as it was recorded by the minute before a reminder was written.
SETTLED_WHEN_WRITTEN = """
    coalesce((SELECT sum(a.amount) FROM consortium_allocation a
        JOIN consortium_ledgerentry e ON e.id = a.entry_id
        WHERE a.line_id = l.id AND e.recorded_at < w.at AND NOT EXISTS (
            SELECT FROM consortium_ledgerentry r
            WHERE r.reverses_id = e.id AND r.recorded_at < w.at)), 0)
    + coalesce((SELECT sum(g.amount) FROM consortium_writeoff g
        JOIN consortium_ledgerentry e ON e.id = g.entry_id
        WHERE g.line_id = l.id AND e.recorded_at < w.at AND NOT EXISTS (
            SELECT FROM consortium_ledgerentry r
            WHERE r.reverses_id = e.id AND r.recorded_at < w.at)), 0)
    + coalesce((SELECT sum(c.amount) FROM consortium_creditnoteline c
        JOIN consortium_creditnote n ON n.id = c.credit_note_id
        WHERE c.line_id = l.id AND n.state = 'issued' AND n.issued_at < w.at), 0)
"""

declare(
    Invariant(
        "A line is reminded of once by a rung in a cycle.",
        """
        SELECT min(d.id) FROM kernel_reminderdelivery d WHERE d.rule = 'consortium.dues'
        GROUP BY d.subject_id, d.rung, d.cycle HAVING count(*) > 1
        """,
    ),
    Invariant(
        "Nothing is reminded of after it was settled.",
        f"""
        SELECT d.id FROM kernel_reminderdelivery d
        JOIN consortium_invoiceline l ON l.id = d.subject_id
        JOIN consortium_invoice i ON i.id = l.invoice_id
        CROSS JOIN LATERAL (SELECT d.settled_at - interval '1 minute' AS at) w
        WHERE d.rule = 'consortium.dues' AND d.state IN ('written', 'task')
            AND (i.voided_at < w.at OR l.amount <= {SETTLED_WHEN_WRITTEN})
            AND NOT EXISTS (
                SELECT FROM kernel_message m
                WHERE m.id = d.message_id AND m.state = 'cancelled'
            )
        """,  # noqa: S608 - words of our own
    ),
)

declare(
    Invariant(
        "The result of a motion is what its seats cast last.",
        """
        SELECT m.id FROM consortium_motion m CROSS JOIN LATERAL (
            SELECT coalesce(sum(e.weight) FILTER (WHERE c.choice = 'for'), 0) AS yes,
                coalesce(sum(e.weight) FILTER (WHERE c.choice = 'against'), 0) AS no,
                coalesce(sum(e.weight) FILTER (WHERE c.choice = 'abstain'), 0) AS none,
                coalesce(
                    sum(e.weight) FILTER (WHERE c.choice IS DISTINCT FROM 'recused'), 0
                ) AS all_votes
            FROM consortium_elector e
            LEFT JOIN LATERAL (
                SELECT choice FROM consortium_cast c WHERE c.elector_id = e.id
                ORDER BY c.id DESC LIMIT 1
            ) c ON true
            WHERE e.motion_id = m.id
        ) t
        WHERE m.state IN ('closed', 'certified')
            AND (m.in_favor, m.against, m.abstaining, m.electorate)
                IS DISTINCT FROM (t.yes, t.no, t.none, t.all_votes)
        """,
    ),
)

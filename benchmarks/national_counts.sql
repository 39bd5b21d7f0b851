-- The with-relapse counts of a national register in plain SQL (DuckDB): by municipality, benefit and quarter of
-- entry, the change from week to week in how many receive the benefit 0-104 weeks after entry, and how many entries
-- are followed to week k and no further. An entry is a spell after at least 4 weeks without the benefit. A group and
-- a week are one number, cell * 106 + k. $horizon is the last week of the data.
-- Written for speed: small integers instead of names, one window, one join, nothing kept that is not read again.

CREATE TEMP TABLE benefit_code AS
SELECT benefit, (row_number() OVER (ORDER BY benefit) - 1)::TINYINT AS code FROM (SELECT DISTINCT benefit FROM spells);

CREATE TEMP TABLE place_code AS
SELECT municipality, (row_number() OVER (ORDER BY municipality) - 1)::INTEGER AS place
FROM (SELECT DISTINCT municipality FROM spells);

-- Spells of one person and benefit as pieces that do not overlap; `cell` only where the piece begins an entry.
CREATE TEMP TABLE pieces AS
SELECT person, code, start_week, end_week,
       CASE WHEN reached IS NULL OR start_week - reached >= 4 THEN cell END AS cell,
       CASE WHEN start_week - reached <= 104 AND end_week > reached THEN greatest(start_week, reached) END AS again_week
FROM (
    SELECT person, code, start_week, end_week, cell,
           max(end_week) OVER (PARTITION BY person, code ORDER BY in_turn
                               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reached
    FROM (
        SELECT person, code, start_week, end_week, (start_date - DATE '1990-01-01') * 4096 + end_week AS in_turn,
               ((place * 10 + code) * 60 + (year(start_date) - 2011) * 4 + quarter(start_date) - 1)::INTEGER AS cell
        FROM spells JOIN benefit_code USING (benefit) JOIN place_code USING (municipality)));

-- Each entry with the later pieces that begin within 104 weeks.
CREATE TEMP TABLE again AS
SELECT (entry.cell * 106 + later.again_week - entry.start_week)::INTEGER AS up,
       (entry.cell * 106 + least(later.end_week - entry.start_week, 105))::INTEGER AS down
FROM pieces AS entry JOIN pieces AS later USING (person, code)
WHERE entry.cell IS NOT NULL AND later.again_week > entry.start_week AND later.again_week <= entry.start_week + 104;

SELECT key, sum(change)::INTEGER AS change
FROM (
    SELECT cell * 106 AS key, 1 AS change FROM pieces WHERE cell IS NOT NULL
    UNION ALL
    SELECT cell * 106 + least(end_week - start_week, 105), -1 FROM pieces WHERE cell IS NOT NULL
    UNION ALL
    SELECT up, 1 FROM again
    UNION ALL
    SELECT down, -1 FROM again)
GROUP BY key;

SELECT cell * 106 + least($horizon - start_week, 104) AS key, count(*)::INTEGER AS entries
FROM pieces WHERE cell IS NOT NULL GROUP BY key;

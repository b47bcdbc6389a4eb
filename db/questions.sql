-- The twenty questions that analysts ask first, in SQL that runs unchanged on SQLite and PostgreSQL.
--
-- `awards ask` lists them, `awards ask Q07 --region 35` answers one, db/questions.py reads this file. Each begins with
-- `-- name:`, says what comes, and names its values with what they are when nothing is given. A region '' is all of
-- Indonesia; a region includes what lies in it, because '~' sorts behind every digit and dot. NOT in front of what a
-- column is not keeps SQLite, which counts nothing, from the index that helps less; to PostgreSQL it is the same.

-- name: Q01 Which awards did a region's government receive, by year?
-- The government itself, not its mayor or agencies (Q02). Opinions, grades and rankings are in; `kind` tells them apart.
-- :region = 35.76
-- :first = 0
-- :last = 9999
SELECT year, awarded_on, award, category, rank, kind, giver, outlet_count, id
FROM v_conferral
WHERE region_code = :region AND recipient_type = 'region' AND year BETWEEN :first AND :last
ORDER BY year, awarded_on, award, category, id;

-- name: Q02 And separately its head as a person, its agencies, its companies, its villages?
-- Who belongs to the region's government, village and school included; police, private companies and citizens do not.
-- :region = 35.76
-- :first = 0
-- :last = 9999
SELECT c.recipient_type, c.recipient, c.year, c.award, c.category, c.rank, c.giver, c.id
FROM recipient r JOIN conferral c ON c.recipient_id = r.id
WHERE r.owner_region_code = :region AND r.kind <> 'region' AND c.year BETWEEN :first AND :last
ORDER BY c.recipient_type, c.recipient, c.year, c.award, c.id;

-- name: Q03 Which regions have this level or better in each edition, and who moved up or down?
-- Levels are compared within the series only. `moved` looks back to the edition before in which the region was found.
-- :series = kabupaten-kota-layak-anak
-- :level = Nindya
-- :region =
WITH won AS (
  SELECT c.region_code, c.region, c.year, c.level, c.level_position
  FROM conferral c
  WHERE c.series = :series AND c.recipient_type = 'region' AND c.level_position IS NOT NULL AND c.year IS NOT NULL
),
best AS (
  SELECT region_code, region, year, max(level_position) AS step FROM won GROUP BY region_code, region, year
),
compared AS (
  SELECT b.*, lag(step) OVER (PARTITION BY region_code ORDER BY year) AS before FROM best b
)
SELECT n.year, n.region_code, n.region, l.name AS level, f.name AS level_before,
  CASE WHEN n.before IS NULL THEN 'first seen' WHEN n.step > n.before THEN 'up' WHEN n.step < n.before THEN 'down'
    ELSE 'same' END AS moved
FROM compared n
JOIN award_level l ON l.series_id = :series AND l.position = n.step
LEFT JOIN award_level f ON f.series_id = :series AND f.position = n.before
WHERE n.step >= (SELECT position FROM award_level WHERE series_id = :series AND name = :level)
  AND n.region_code >= :region AND n.region_code < :region || '~'
ORDER BY n.year DESC, n.step DESC, n.region_code;

-- name: Q04 The league table: awards per region and year, without opinions, grades and rankings
-- `own_awards` are the government's own; `awards` those of its agencies, villages, schools and citizens too.
-- :region = 35
-- :first = 0
-- :last = 9999
-- :limit = 50
SELECT region_code, region, year, own_awards, awards, national_awards
FROM v_region_year
WHERE region_code >= :region AND region_code < :region || '~' AND year BETWEEN :first AND :last
ORDER BY own_awards DESC, awards DESC, region_code, year
LIMIT :limit;

-- name: Q05 The same, weighted by the class of the giver
-- The weights are an example: change them to your taste. A news outlet's own prize counts least.
-- :region = 35
-- :first = 0
-- :last = 9999
-- :limit = 50
WITH counted AS (
  SELECT c.region_code, count(*) AS awards,
    sum(CASE c.giver_kind
      WHEN 'president' THEN 5 WHEN 'international' THEN 5 WHEN 'ministry' THEN 4 WHEN 'state_agency' THEN 4
      WHEN 'state_audit' THEN 4 WHEN 'court' THEN 4 WHEN 'military' THEN 3 WHEN 'police' THEN 3
      WHEN 'region_government' THEN 2 WHEN 'university' THEN 2 WHEN 'association' THEN 2 WHEN 'ngo' THEN 2
      ELSE 1 END) AS points
  FROM conferral c
  WHERE c.region_code >= :region AND c.region_code < :region || '~' AND NOT c.year < :first AND NOT c.year > :last
    AND c.recipient_type = 'region' AND c.kind NOT IN ('opinion', 'grade', 'ranking')
  GROUP BY c.region_code
)
SELECT n.region_code, g.name AS region, n.awards, n.points
FROM counted n JOIN region g ON g.code = n.region_code
ORDER BY n.points DESC, n.awards DESC, n.region_code
LIMIT :limit;

-- name: Q06 Streaks of unqualified opinions (WTP) by fiscal year: how long, and where did they break?
-- The fiscal year is the one an article gives, else the year before the opinion. A year that no article reports breaks a
-- streak too: `missing_year` says which to look up. Streaks that reach the newest year stored have none.
-- :region = 35
WITH opinions AS (
  SELECT DISTINCT c.region_code, c.region, coalesce(c.assessment_year, c.year - 1) AS fiscal_year
  FROM conferral c
  WHERE c.series = 'opini-wtp' AND c.recipient_type = 'region' AND c.year IS NOT NULL
    AND c.region_code >= :region AND c.region_code < :region || '~'
),
numbered AS (
  SELECT o.*, fiscal_year - row_number() OVER (PARTITION BY region_code ORDER BY fiscal_year) AS streak
  FROM opinions o
),
newest AS (
  SELECT max(coalesce(c.assessment_year, c.year - 1)) AS fiscal_year FROM conferral c WHERE c.series = 'opini-wtp'
)
SELECT n.region_code, min(n.region) AS region, min(n.fiscal_year) AS first_year, max(n.fiscal_year) AS last_year,
  count(*) AS years,
  CASE WHEN max(n.fiscal_year) < (SELECT fiscal_year FROM newest) THEN max(n.fiscal_year) + 1 END AS missing_year
FROM numbered n
GROUP BY n.region_code, n.streak
ORDER BY n.region_code, first_year;

-- name: Q07 Which region wins most per million people?
-- Awards of the government itself, of the years asked for, by the inhabitants of 2025.
-- :region = 35
-- :first = 0
-- :last = 9999
-- :limit = 50
SELECT region_code, region, sum(own_awards) AS awards, population_2025,
  1000000.0 * sum(own_awards) / population_2025 AS per_million
FROM v_region_year
WHERE region_code >= :region AND region_code < :region || '~' AND year BETWEEN :first AND :last
  AND population_2025 > 0
GROUP BY region_code, region, population_2025
ORDER BY per_million DESC, region_code
LIMIT :limit;

-- name: Q08 Winners of a series' editions: how many were found, and how many does an article state?
-- `missing` is what remains to be found; null where no article says how many there are.
-- :series = kabupaten-kota-layak-anak
SELECT series, series_name, year, found, listed, stated,
  CASE WHEN stated IS NULL THEN NULL WHEN stated > found THEN stated - found ELSE 0 END AS missing
FROM v_series_edition
WHERE series = :series
ORDER BY year DESC;

-- name: Q09 Which awards are told by one outlet only, or by copies of one press release?
-- Newest first. `independent_count` takes copies of one text for one witness.
-- :region = 35
-- :first = 0
-- :last = 9999
-- :limit = 50
SELECT c.year, c.recipient, c.award, c.category, c.outlet_count, c.independent_count,
  CASE WHEN c.outlet_count = 1 THEN 'one outlet' ELSE 'copies of one text' END AS witness, c.id
FROM conferral c
WHERE c.independent_count < 2 AND NOT c.region_code < :region AND NOT c.region_code >= :region || '~'
  AND c.year BETWEEN :first AND :last
ORDER BY c.year DESC NULLS LAST, c.awarded_on DESC NULLS LAST, c.id
LIMIT :limit;

-- name: Q10 Where do outlets disagree, what was chosen, and why?
-- `field` is awarded_on, rank, category, giver ...; `dissent` gives what others say with the number of outlets.
-- :region = 35
-- :first = 0
-- :last = 9999
-- :limit = 50
SELECT c.year, c.recipient, c.award, d.field, d.value AS chosen, d.reason, CAST(d.dissent AS text) AS dissent, c.id
FROM conferral c JOIN conferral_choice d ON d.conferral_id = c.id
WHERE NOT c.region_code < :region AND NOT c.region_code >= :region || '~'
  AND c.year BETWEEN :first AND :last
ORDER BY c.year DESC NULLS LAST, c.awarded_on DESC NULLS LAST, c.id, d.field
LIMIT :limit;

-- name: Q11 The words behind a record, in the version of the article as it was read on a day
-- Of each article that reports it, the page captured last on that day or before. 200 characters around the words.
-- :conferral =
-- :day = 9999-12-31
WITH reports AS (
  SELECT DISTINCT n.article_id
  FROM conferral_mention cm JOIN mention m ON m.id = cm.mention_id JOIN article_version n ON n.id = m.version_id
  WHERE cm.conferral_id = :conferral
),
seen AS (
  SELECT n.article_id, p.version_id, p.digest, p.url, max(k.fetched_at) AS read_at
  FROM reports r
  JOIN article_version n ON n.article_id = r.article_id
  JOIN page p ON p.version_id = n.id
  JOIN capture k ON k.page_id = p.id
  WHERE CAST(k.fetched_at AS text) < :day || 'T99'
  GROUP BY n.article_id, p.version_id, p.digest, p.url
),
latest AS (
  SELECT s.*, row_number() OVER (PARTITION BY article_id ORDER BY read_at DESC, digest) AS place FROM seen s
)
SELECT n.outlet, l.url, l.read_at, l.digest, e.field, e.quote,
  substr(n.text, CASE WHEN e.start_at > 80 THEN e.start_at - 79 ELSE 1 END, 200) AS words, m.id AS mention_id
FROM latest l
JOIN article_version n ON n.id = l.version_id
JOIN mention m ON m.version_id = n.id
JOIN evidence e ON e.mention_id = m.id
WHERE l.place = 1 AND m.group_key = (SELECT group_key FROM conferral WHERE id = :conferral)
  AND e.field IN ('recipient', 'award', 'rank', 'awarded_on')
ORDER BY n.outlet, l.url, m.position, e.position;

-- name: Q12 How long from hand-over to the first report, and from announcement to hand-over?
-- Days, by the class of the giver; only where the days are known.
-- :first = 0
-- :last = 9999
WITH counted AS (
  SELECT c.giver_kind, c.days_to_print AS days, c.days_to_hand_over AS wait, count(*) AS n
  FROM conferral c
  WHERE NOT c.year < :first AND NOT c.year > :last
  GROUP BY c.giver_kind, c.days_to_print, c.days_to_hand_over
)
SELECT giver_kind, sum(CASE WHEN days IS NULL THEN 0 ELSE n END) AS reports,
  1.0 * sum(n * days) / sum(CASE WHEN days IS NULL THEN 0 ELSE n END) AS days_to_print,
  sum(CASE WHEN days <= 1 THEN n ELSE 0 END) AS within_a_day,
  sum(CASE WHEN wait IS NULL THEN 0 ELSE n END) AS announced,
  1.0 * sum(n * wait) / nullif(sum(CASE WHEN wait IS NULL THEN 0 ELSE n END), 0) AS days_to_hand_over
FROM counted
GROUP BY giver_kind
HAVING sum(CASE WHEN days IS NULL THEN 0 ELSE n END) > 0
ORDER BY reports DESC, giver_kind NULLS LAST;

-- name: Q13 Which giver awards which themes?
-- Themes are those of etl/gazetteer/themes.csv; what has none is not counted.
-- :first = 0
-- :last = 9999
-- :limit = 50
SELECT c.giver, c.theme, count(*) AS conferrals
FROM conferral c
WHERE NOT c.year < :first AND NOT c.year > :last AND c.giver IS NOT NULL AND c.theme IS NOT NULL
GROUP BY c.giver, c.theme
ORDER BY conferrals DESC, c.giver, c.theme
LIMIT :limit;

-- name: Q14 Nominees that never won, and the share of nominees that did
-- By series: each nominated recipient and year once. `won` are those of them for whom an award is stored.
-- :first = 0
-- :last = 9999
WITH nominated AS (
  SELECT DISTINCT m.series, m.group_key, m.year
  FROM mention m
  WHERE m.status = 'nominated' AND m.is_current AND m.series IS NOT NULL AND m.year BETWEEN :first AND :last
),
judged AS (
  SELECT n.series,
    CASE WHEN EXISTS (SELECT 1 FROM conferral c WHERE c.group_key = n.group_key AND c.year = n.year)
      THEN 1 ELSE 0 END AS won
  FROM nominated n
)
SELECT series, count(*) AS nominated, sum(won) AS won, count(*) - sum(won) AS never_won
FROM judged
GROUP BY series
ORDER BY nominated DESC, series;

-- name: Q15 Awards under each head of a region
-- Terms are the days between which articles name the person in the office, not those of oath and farewell. An award is
-- counted where its day is known and lies within.
-- :region = 35.76
SELECT p.name, t.office, t.first_seen, t.last_seen, count(c.id) AS awards
FROM office_term t
JOIN person p ON p.id = t.person_id
LEFT JOIN conferral c ON c.region_code = t.region_code AND c.recipient_type = 'region'
  AND c.kind NOT IN ('opinion', 'grade', 'ranking') AND length(c.awarded_on) = 10
  AND c.awarded_on BETWEEN CAST(t.first_seen AS text) AND CAST(t.last_seen AS text)
WHERE t.region_code = :region AND t.office IN ('Gubernur', 'Bupati', 'Wali Kota')
GROUP BY p.id, p.name, t.office, t.first_seen, t.last_seen
ORDER BY t.first_seen, p.name;

-- name: Q16 Which town hosts most ceremonies, and how many were online?
-- A ceremony is an award on a day; null is a place that no town could be told of.
-- :first = 0
-- :last = 9999
-- :limit = 50
WITH ceremonies AS (
  SELECT DISTINCT c.venue_id, c.awarded_on, c.award
  FROM conferral c
  WHERE NOT c.year < :first AND NOT c.year > :last AND c.venue_id IS NOT NULL AND length(c.awarded_on) > 9
),
held AS (
  SELECT venue_id, count(*) AS n FROM ceremonies GROUP BY venue_id
)
SELECT v.city_code, g.name AS city, CAST(sum(h.n) AS integer) AS ceremonies,
  CAST(sum(CASE WHEN v.online THEN h.n ELSE 0 END) AS integer) AS online
FROM held h JOIN venue v ON v.id = h.venue_id LEFT JOIN region g ON g.code = v.city_code
GROUP BY v.city_code, g.name
ORDER BY ceremonies DESC, v.city_code NULLS LAST
LIMIT :limit;

-- name: Q17 Which regions give awards, and to whom?
-- Governments of provinces, kabupaten and kota as givers, by what their winners are.
-- :first = 0
-- :last = 9999
-- :limit = 50
WITH counted AS (
  SELECT c.giver_region_code, c.recipient_type, count(*) AS awards
  FROM conferral c
  WHERE c.giver_region_code IS NOT NULL AND c.year BETWEEN :first AND :last
  GROUP BY c.giver_region_code, c.recipient_type
)
SELECT n.giver_region_code, g.name AS giver, n.recipient_type, n.awards
FROM counted n JOIN region g ON g.code = n.giver_region_code
ORDER BY n.awards DESC, n.giver_region_code, n.recipient_type
LIMIT :limit;

-- name: Q18 International, national, provincial: how many of each?
-- By the reach of the series, else of the giver; without opinions, grades and rankings.
-- :region = 35
-- :first = 0
-- :last = 9999
WITH counted AS (
  SELECT c.region_code, c.year, c.scope, count(*) AS n
  FROM conferral c
  WHERE c.region_code >= :region AND c.region_code < :region || '~' AND NOT c.year < :first AND NOT c.year > :last
    AND c.kind NOT IN ('opinion', 'grade', 'ranking')
  GROUP BY c.region_code, c.year, c.scope
)
SELECT year, scope, CAST(sum(n) AS integer) AS conferrals, count(*) AS regions
FROM counted
GROUP BY year, scope
ORDER BY year DESC, conferrals DESC, scope NULLS LAST;

-- name: Q19 What was added, corrected or withdrawn since my last export, and why?
-- Newest first; `awards find --changed-since` gives the same with the whole rows.
-- :since = 2000-01-01
-- :limit = 50
SELECT k.at, k.what, k.conferral_id, c.recipient, c.award, c.year, k.field, k.old, k.new, k.reason, k.run_id
FROM conferral_change k LEFT JOIN conferral c ON c.id = k.conferral_id
WHERE CAST(k.at AS text) >= :since
ORDER BY k.at DESC, k.conferral_id, k.field
LIMIT :limit;

-- name: Q20 How sure is it: what reviewers found right, what waits for review, and which articles look like awards but gave none?
-- As many lines of each as :limit says. `mean` is the share that was not rejected of the claims that people looked at (the
-- doubtful ones by choice: `awards ruling precision` has it by site), the mean confidence, and how likely an award is.
-- :limit = 20
WITH judged AS (
  SELECT r.key, max(r.facts ->> 'series') AS series, max(CASE r.kind WHEN 'reject' THEN 1 ELSE 0 END) AS wrong
  FROM ruling r
  WHERE r.kind IN ('confirm', 'correct', 'reject') AND NOT EXISTS (SELECT 1 FROM ruling l WHERE l.supersedes = r.id)
  GROUP BY r.key
),
told AS (
  SELECT 'reviewers found right' AS what, coalesce(j.series, '(no series)') AS of_what, count(*) AS number,
    avg(1.0 - j.wrong) AS mean
  FROM judged j
  GROUP BY j.series
  UNION ALL
  SELECT 'conferrals under 0.6', coalesce(c.series, '(no series)'), count(*), avg(c.confidence)
  FROM conferral c WHERE c.confidence < 0.6
  GROUP BY c.series
  UNION ALL
  SELECT 'articles that look like one', p.site, count(*), avg(n.award_likeness)
  FROM page p JOIN article_version n ON n.id = p.version_id
  WHERE p.outcome = 'article' AND NOT p.is_award_article AND n.award_likeness >= 0.5
  GROUP BY p.site
),
placed AS (
  SELECT t.*, row_number() OVER (PARTITION BY what ORDER BY number DESC, of_what) AS place FROM told t
)
SELECT what, of_what, number, mean
FROM placed
WHERE place <= :limit
ORDER BY what DESC, place;

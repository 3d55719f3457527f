select day::date as date_day
from generate_series('2023-01-01'::timestamp, '2025-12-31'::timestamp, interval '1 day') as day

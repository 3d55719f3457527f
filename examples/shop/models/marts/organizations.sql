select
    organization_id,
    external_id,
    organization_name,
    slug,
    plan,
    country_code,
    created_at
from {{ ref('stg_organizations') }}

select
    customer_id,
    organization_id,
    full_name,
    email,
    phone,
    birth_date,
    loyalty_tier,
    marketing_opt_in,
    preferences,
    created_at,
    updated_at
from {{ ref('raw_customers') }}

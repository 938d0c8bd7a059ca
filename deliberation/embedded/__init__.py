"""PostgreSQL and Redis from wheels, and the supervisor that keeps every process of Majelis running on one machine."""

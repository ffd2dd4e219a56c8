//! integrations/opentelemetry

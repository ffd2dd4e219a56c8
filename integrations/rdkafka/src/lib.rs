//! integrations/rdkafka

//! What the programs of the matrix are told, and what they answer.

"""The dialects of four older chat systems, whose clients end no line: what one read brings is a line."""

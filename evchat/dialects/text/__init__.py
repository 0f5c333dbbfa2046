"""The text dialect: lines for people with netcat or telnet."""

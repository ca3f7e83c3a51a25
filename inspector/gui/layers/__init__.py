"""The layers tab: how far both networks are apart, endpoint by endpoint."""

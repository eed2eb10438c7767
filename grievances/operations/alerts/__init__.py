"""Tell the operator what is wrong with the service: by mail and by signed calls."""

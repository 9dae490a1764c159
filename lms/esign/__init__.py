"""The room esign."""

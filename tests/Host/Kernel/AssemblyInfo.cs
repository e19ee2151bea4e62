// The kernel's state is static, so one test at a time.
[assembly: Xunit.CollectionBehavior(DisableTestParallelization = true)]

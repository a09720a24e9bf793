PUBLIC = {"assessments:vote", "assessments:vote_result"}
